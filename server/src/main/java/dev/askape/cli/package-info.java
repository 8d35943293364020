/// The commands: reads the arguments, reads the configuration, starts what was asked for, ends it
/// when the process is told to end, and turns whatever fails on the way into one line and exit code
/// 2.
///
/// [CommandLine] is the whole of it, with everything it touches handed in; [Main] hands in the real
/// things. What the commands start is behind [Commands].
@NullMarked
package dev.askape.cli;

import org.jspecify.annotations.NullMarked;
