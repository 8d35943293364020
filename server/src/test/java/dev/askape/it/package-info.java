/// Tests of the whole server, as a process of its own or in this one, with the stand-in provider
/// behind it and real clients in front.
///
/// [TestServer] is a whole server in this process, [ServerProcess] one that can be killed;
/// [ChatClient] is the official Java client, recording what it hears. Tests wait for what they
/// expect, never for time to pass; the patience of every wait is [Patience].
@NullMarked
package dev.askape.it;

import org.jspecify.annotations.NullMarked;
