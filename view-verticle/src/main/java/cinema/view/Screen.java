package cinema.view;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.PickupMessage;
import cinema.shared.contract.Wire;

/** What a socket shows of a bar. */
enum Screen {
  /** The staff's: orders and alarms. */
  BOARD {
    @Override
    String frame(News.Frames frames) {
      return frames.board();
    }

    @Override
    String frame(FeedMessage.Snapshot board) {
      return Wire.encode((FeedMessage) board);
    }
  },

  /** Everybody's: numbers. */
  PICKUP {
    @Override
    String frame(News.Frames frames) {
      return frames.pickup();
    }

    @Override
    String frame(FeedMessage.Snapshot board) {
      return Wire.encode(PickupMessage.of(board));
    }
  };

  /**
   * @return null for what does not show here
   */
  abstract String frame(News.Frames frames);

  abstract String frame(FeedMessage.Snapshot board);
}
