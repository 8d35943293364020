/// REST, as clients in the field call it, and the page. [Rest] has the routes; each request is
/// answered on a virtual thread of its own, so that it may wait for the store, and not more than
/// [Rest#CONCURRENT] at once. [StatusPage] is what a browser sees at `/`.
@NullMarked
package dev.askape.web;

import org.jspecify.annotations.NullMarked;
