/// To be filled.
@NullMarked
package dev.askape.socketio;

import org.jspecify.annotations.NullMarked;
