package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A keyword of JSON Schema that is paid for by what it looks at, before it looks.
 *
 * @param purse takes the steps of {@link SchemaCost}; throws where there are no more
 */
record ChargedKeyword(Keyword keyword, LongConsumer purse) implements Keyword {
  @Override
  public String getValue() {
    return keyword.getValue();
  }

  @Override
  public @Nullable KeywordValidator newValidator(
      SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context)
      throws Exception {
    KeywordValidator validator = keyword.newValidator(location, schema, parent, context);
    return validator == null ? null : new Charged(validator, purse);
  }

  private record Charged(KeywordValidator validator, LongConsumer purse)
      implements KeywordValidator {
    @Override
    public String getKeyword() {
      return validator.getKeyword();
    }

    @Override
    public SchemaLocation getSchemaLocation() {
      return validator.getSchemaLocation();
    }

    @Override
    public void preloadSchema() {
      validator.preloadSchema();
    }

    @Override
    public void validate(
        ExecutionContext context, JsonNode value, JsonNode root, NodePath location) {
      purse.accept(SchemaCost.of(getKeyword(), value));
      validator.validate(context, value, root, location);
    }

    @Override
    public void walk(
        ExecutionContext context, JsonNode value, JsonNode root, NodePath at, boolean validate) {
      validator.walk(context, value, root, at, validate);
    }
  }
}
