package cinema.view;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.PickupMessage;
import cinema.shared.contract.Wire;
import java.util.List;

/**
 * What happened at one bar, with consecutive numbers, as text frames: encoded once, for all
 * sockets.
 *
 * @param first the number of the first frame
 */
record News(String barId, String epoch, long first, List<Frames> frames) {
  /**
   * One of them, as each screen shows it.
   *
   * @param pickup null when it does not show there
   */
  record Frames(String board, String pickup) {
    static Frames of(FeedMessage board, PickupMessage pickup) {
      return new Frames(Wire.encode(board), pickup == null ? null : Wire.encode(pickup));
    }
  }

  long last() {
    return first + frames.size() - 1;
  }
}
