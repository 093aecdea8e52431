package cinema.gatling;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what more and more clients come to. */
final class Curve {
  private Curve() {}

  /**
   * @param curves by name, one value for each number of clients; fewer when the last are left out
   */
  static void draw(Path file, List<Integer> clients, Map<String, List<Double>> curves)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(450)
            .xAxisTitle("clients at a time")
            .yAxisTitle("orders a second")
            .build();
    chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setYAxisMin(0.0)
        .setYAxisDecimalPattern("#,##0")
        // Below: wherever it stood in the plot it could hide a point.
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false);
    new TreeMap<>(curves)
        .forEach(
            (name, values) ->
                chart
                    .addSeries(name, clients.subList(0, values.size()), values)
                    .setMarker(SeriesMarkers.CIRCLE));
    // As a picture of points: what it writes as SVG passes Gatling's XML library, and nobody shows
    // it.
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }
}
