package cinema.view;

import java.util.List;

/**
 * Feed messages of one bar with consecutive numbers, as text frames: encoded once, for all sockets.
 *
 * @param first the number of the first frame
 */
record News(String barId, String epoch, long first, List<String> frames) {
  long last() {
    return first + frames.size() - 1;
  }
}
