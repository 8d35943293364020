/// The store in MongoDB.
@NullMarked
package dev.askape.storage.mongo;

import org.jspecify.annotations.NullMarked;
