/// Load and fault runs against a running server. Nothing here is shipped.
@NullMarked
package dev.askape.bench;

import org.jspecify.annotations.NullMarked;
