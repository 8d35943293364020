/// Small clients that speak the protocols by hand, for tests.
@NullMarked
package dev.askape.testing;

import org.jspecify.annotations.NullMarked;
