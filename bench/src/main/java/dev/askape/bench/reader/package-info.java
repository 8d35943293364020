/// What it costs to read the streams of providers, and nothing else: a thousand paced streams of
/// the stand-in at once, read by AskApe's provider and by bare Netty, one after the other in
/// processes of their own. Main types: [ReaderRun], [ReaderProcess].
@NullMarked
package dev.askape.bench.reader;

import org.jspecify.annotations.NullMarked;
