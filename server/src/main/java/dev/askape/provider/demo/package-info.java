/// Two models that need nothing: no key, no service, no network. They are no language models and
/// say so; they are there so that the first message shows two answers streaming side by side.
///
/// [DemoModels] lists them. What they say is fixed but for the first words of the message they
/// answer.
@NullMarked
package dev.askape.provider.demo;

import org.jspecify.annotations.NullMarked;
