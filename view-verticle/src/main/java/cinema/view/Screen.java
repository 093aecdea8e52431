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
    String message(News.Frames frames) {
      return frames.board();
    }

    @Override
    String message(FeedMessage.Snapshot board) {
      return Wire.encode((FeedMessage) board);
    }
  },

  /** Everybody's: numbers. */
  PICKUP {
    @Override
    String message(News.Frames frames) {
      return frames.pickup();
    }

    @Override
    String message(FeedMessage.Snapshot board) {
      return Wire.encode(PickupMessage.of(board));
    }
  };

  /** What a socket is sent of it; empty when nothing shows here. */
  byte[] frames(List<News.Frames> news) {
    return TextFrames.of(news.stream().map(this::message).filter(Objects::nonNull).toList());
  }

  byte[] frames(FeedMessage.Snapshot board) {
    return TextFrames.of(List.of(message(board)));
  }

  /**
   * @return null for what does not show here
   */
  abstract String message(News.Frames frames);

  abstract String message(FeedMessage.Snapshot board);
}
