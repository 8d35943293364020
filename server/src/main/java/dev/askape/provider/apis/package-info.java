/// Makes a provider of any kind: [Api].
@NullMarked
package dev.askape.provider.apis;

import org.jspecify.annotations.NullMarked;
