@NullMarked
package dev.askape.provider.policy;

import org.jspecify.annotations.NullMarked;
