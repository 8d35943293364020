package dev.askape.offer;

import dev.askape.chat.Model;
import dev.askape.provider.local.LocalModels;
import java.util.ArrayList;
import java.util.List;

/// The models of this machine beside the others: where these are only stand-ins, the local ones are
/// the defaults from the moment they can be asked.
///
/// @param others all but the local ones
public record LocalOffer(LocalModels local, List<Model> others) {
  private static final String STAND_INS = "demo";

  static final String NOTE =
      "A small language model on this machine (local/smollm2, local/smollm2-inventive) is being made"
          + " ready; the log says how far it is.";

  /// @param served whether the local ones can be asked
  List<Model> listed(boolean served) {
    boolean alone =
        others.stream().noneMatch(it -> it.isDefault() && !it.provider().equals(STAND_INS));
    var all = new ArrayList<Model>();
    for (var model : local.models()) {
      if (others.stream().noneMatch(it -> it.id().equals(model.id()))) {
        all.add(model.asDefault(served && alone));
      }
    }
    others.forEach(model -> all.add(served && alone ? model.asDefault(false) : model));
    return all;
  }
}
