/// Reads the configuration: defaults < file < environment < flags, into one immutable record tree,
/// [Settings], in which every value says where it came from.
///
/// Each key is described once, in [Keys]: its path, what it may be, its default and what it means.
/// Everything else follows from that list: what is parsed, what is an unknown key (and what was
/// probably meant), what `askape check` prints, and `docs/configuration.md`.
///
/// ```
/// askape.yaml ─ Yaml ──────────┐
/// ASKAPE_*    ─ Environment ───┼─► Value (a tree, each node with its origin)
/// --key=value ─ Flags ─────────┘      │  checked against Shape, then laid over one another
///                                     ▼
///                       Reading ─ SettingsReader ─► Settings ─ Coherence
/// ```
///
/// Whatever is wrong becomes one [ConfigException]: one line that names the place and the way out,
/// and that never shows a secret. Everything here runs once, on the thread that starts the program.
@NullMarked
package dev.askape.config;

import org.jspecify.annotations.NullMarked;
