package io.mammatus.platform.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Value types (see {@link ValueTypes}) as strings: as fields, elements and map keys. */
final class ValueModule extends SimpleModule {

  private static final long serialVersionUID = 1L;

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addSerializers(new Writers());
    context.addDeserializers(new Readers());
    context.addKeyDeserializers(ValueModule::keyReader);
  }

  private static @Nullable KeyDeserializer keyReader(
      JavaType type, DeserializationConfig config, BeanDescription description) {
    return ValueTypes.parser(type.getRawClass())
        .<KeyDeserializer>map(parser -> new KeyReader(parser, type.getRawClass()))
        .orElse(null);
  }

  private static final class Writers extends Serializers.Base {
    @Override
    public @Nullable JsonSerializer<?> findSerializer(
        SerializationConfig config, JavaType type, BeanDescription description) {
      return ValueTypes.isValue(type.getRawClass()) ? new Writer() : null;
    }
  }

  private static final class Readers extends Deserializers.Base {
    @Override
    public @Nullable JsonDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription description) {
      return ValueTypes.parser(type.getRawClass())
          .map(parser -> new Reader(parser, type.getRawClass()))
          .orElse(null);
    }
  }

  private static final class Writer extends StdSerializer<Object> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }

    @Override
    public void serializeWithType(
        Object value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      serialize(value, out, provider); // the text says which case it is
    }
  }

  private static final class Reader extends StdDeserializer<Object> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, Object> parser;

    Reader(Function<String, Object> parser, Class<?> type) {
      super(type);
      this.parser = parser;
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (!in.hasToken(JsonToken.VALUE_STRING)) {
        return context.handleUnexpectedToken(_valueClass, in);
      }
      try {
        return parser.apply(in.getText());
      } catch (IllegalArgumentException e) {
        throw new InvalidFormatException(in, sentence(e), in.getText(), _valueClass);
      }
    }

    @Override
    public Object deserializeWithType(
        JsonParser in, DeserializationContext context, TypeDeserializer type) throws IOException {
      return deserialize(in, context);
    }
  }

  private static final class KeyReader extends KeyDeserializer {
    private final Function<String, Object> parser;
    private final Class<?> type;

    KeyReader(Function<String, Object> parser, Class<?> type) {
      this.parser = parser;
      this.type = type;
    }

    @Override
    public Object deserializeKey(String key, DeserializationContext context) throws IOException {
      try {
        return parser.apply(key);
      } catch (IllegalArgumentException e) {
        throw new InvalidFormatException(context.getParser(), sentence(e), key, type);
      }
    }
  }

  private static String sentence(IllegalArgumentException e) {
    return e.getMessage() == null ? "cannot be read" : e.getMessage();
  }
}
