/// The server that the official protocol suites talk to.
@NullMarked
package dev.askape.conformance;

import org.jspecify.annotations.NullMarked;
