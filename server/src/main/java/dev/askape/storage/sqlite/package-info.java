/// The embedded store.
@NullMarked
package dev.askape.storage.sqlite;

import org.jspecify.annotations.NullMarked;
