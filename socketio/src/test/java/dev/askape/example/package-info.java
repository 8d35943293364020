/// The program in the module's README.
@NullMarked
package dev.askape.example;

import org.jspecify.annotations.NullMarked;
