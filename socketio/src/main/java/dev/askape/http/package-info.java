/// To be filled.
@NullMarked
package dev.askape.http;

import org.jspecify.annotations.NullMarked;
