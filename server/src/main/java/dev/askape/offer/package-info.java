/// Which models are offered: what is written in the configuration, what providers say they have,
/// what is found without a configuration, what runs on this machine.
///
/// [Offered] is the whole; [Listing] puts the list together anew whenever a part of it changes;
/// [ConfiguredProvider] makes models of one provider of the configuration, [Endpoints] opens it,
/// [ProviderCatalogue] asks it again and again what it has.
@NullMarked
package dev.askape.offer;

import org.jspecify.annotations.NullMarked;
