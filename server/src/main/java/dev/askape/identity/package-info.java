/// Who is asking. In open mode the ids that a client shows are believed: [ShownIds] are those of
/// one event, [OpenMode] remembers per socket who it is in which session.
@NullMarked
package dev.askape.identity;

import org.jspecify.annotations.NullMarked;
