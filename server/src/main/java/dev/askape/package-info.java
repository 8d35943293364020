/// The whole server: [AskApe] is its object graph, made with plain constructors, opened in order
/// and closed in reverse.
@NullMarked
package dev.askape;

import org.jspecify.annotations.NullMarked;
