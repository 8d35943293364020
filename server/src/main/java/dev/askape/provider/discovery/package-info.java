/// Finds models with no configuration: providers whose key is in the environment offer their
/// well-known chat models, model servers on loopback all of their own; with none of these there are
/// the two demo models.
///
/// [Discovery] does it once, at start, and blocks meanwhile (a fraction of a second: loopback
/// servers are asked all at once, providers on the internet are not asked at all). What it found is
/// a [Discovered]. [WellKnownProviders] has the list of both kinds.
@NullMarked
package dev.askape.provider.discovery;

import org.jspecify.annotations.NullMarked;
