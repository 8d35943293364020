/// Finds models with no configuration: providers whose key is in the environment offer their
/// well-known chat models or, where their own API lists just their models, these; model servers on
/// loopback all of their own; with none of these there are the two demo models.
///
/// [Discovery] does it once, at start, and blocks meanwhile (a fraction of a second if nobody has
/// to be asked, at most about two: all are asked at once). What it found is a [Discovered].
/// [WellKnownProviders] has the list of both kinds.
@NullMarked
package dev.askape.provider.discovery;

import org.jspecify.annotations.NullMarked;
