package cinema.view;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.PickupMessage;
import cinema.shared.contract.Wire;
import java.util.List;
import java.util.Objects;

/** What a socket shows of a bar. */
enum Screen {
  /** The staff's: orders and alarms. */
  BOARD {
    @Override
    String message(News.Change change) {
      return Wire.encode(change.onBoard());
    }

    @Override
    String message(FeedMessage.Snapshot board) {
      return Wire.encode((FeedMessage) board);
    }
  },

  /** Everybody's: numbers. */
  PICKUP {
    @Override
    String message(News.Change change) {
      PickupMessage shown = change.onPickup();
      return shown == null ? null : Wire.encode(shown);
    }

    @Override
    String message(FeedMessage.Snapshot board) {
      return Wire.encode(PickupMessage.of(board));
    }
  };

  /** What a socket is sent of it; empty when nothing shows here. */
  byte[] frames(List<News.Change> changes) {
    return TextFrames.of(changes.stream().map(this::message).filter(Objects::nonNull).toList());
  }

  byte[] frames(FeedMessage.Snapshot board) {
    return TextFrames.of(List.of(message(board)));
  }

  /**
   * @return null for what does not show here
   */
  abstract String message(News.Change change);

  abstract String message(FeedMessage.Snapshot board);
}
