package cinema.shared.contract;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Times as RFC 3339 UTC text. Every event has several and is read by three services: java.time's
 * own formatter took a tenth of all the time that they have.
 */
final class Times extends SimpleModule {
  private static final long serialVersionUID = 1L;

  private static final int MILLI = 1_000_000;

  Times() {
    addSerializer(new Writer());
    addDeserializer(Instant.class, new Reader());
  }

  /** As {@link Instant#toString()}, to which this leaves what is rare. */
  static String text(Instant time) {
    int nano = time.getNano();
    return nano == 0 || nano % MILLI != 0
        ? time.toString()
        : ITU.formatUtcMilli(time.atOffset(ZoneOffset.UTC));
  }

  private static final class Writer extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant time, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(text(time));
    }
  }

  private static final class Reader extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return (Instant) context.handleUnexpectedToken(Instant.class, json);
      }
      try {
        return ITU.parseDateTime(json.getText()).toInstant();
      } catch (DateTimeException e) {
        return (Instant)
            context.handleWeirdStringValue(Instant.class, json.getText(), "no RFC 3339 time");
      }
    }
  }
}
