/// Tests of the local model's program, of its API with a scripted model and, where they can be had,
/// of all of it with the real library and the real weights.
@NullMarked
package dev.askape.localmodel;

import org.jspecify.annotations.NullMarked;
