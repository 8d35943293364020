/// Counts tokens: [O200kTokens] with the o200k encoding, near enough for every model's context
/// window and for estimates.
@NullMarked
package dev.askape.tokens;

import org.jspecify.annotations.NullMarked;
