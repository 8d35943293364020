/// The JSON form of what the domain shows, the same in events and in REST: [ChatJson]. Stateless.
@NullMarked
package dev.askape.json;

import org.jspecify.annotations.NullMarked;
