/// To be filled.
@NullMarked
package dev.askape.engineio;

import org.jspecify.annotations.NullMarked;
