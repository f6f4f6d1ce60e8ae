package dev.usher.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A form as it is shown: what stands in its fields, and what is wrong with them.
 *
 * @param values by field
 * @param faults by the API's names of members, for example {@code events[1]}
 * @param problem what is wrong as a whole; empty where nothing is
 */
public record FormView(Map<String, String> values, List<FieldFault> faults, String problem) {
  /** One thing that is wrong. */
  public record FieldFault(String field, String expected) {
    private boolean of(String name) {
      return field.equals(name) || field.startsWith(name + "[") || field.startsWith(name + ".");
    }
  }

  /** One with nothing wrong. */
  static FormView of(Map<String, String> values) {
    return new FormView(values, List.of(), "");
  }

  /** The same values, with what the API says is wrong. */
  static FormView refused(Map<String, String> values, Item problem) {
    List<FieldFault> faults = new ArrayList<>();
    for (Item fault : problem.items("errors")) {
      faults.add(new FieldFault(fault.text("field"), fault.text("expected")));
    }
    String whole = problem.text("title") + ": " + problem.text("detail");
    return new FormView(values, faults, whole);
  }

  /** What stands in a field. */
  public String value(String field) {
    return values.getOrDefault(field, "");
  }

  /** Whether a box is ticked, or a choice made. */
  public boolean is(String field, String value) {
    return value(field).equals(value);
  }

  /** What is wrong with a field; empty where nothing is. */
  public String fault(String field) {
    StringBuilder text = new StringBuilder();
    for (FieldFault fault : faults) {
      if (fault.of(field)) {
        String where = fault.field().equals(field) ? "" : fault.field() + ": ";
        text.append(text.isEmpty() ? "" : "; ").append(where).append(fault.expected());
      }
    }
    return text.isEmpty() ? "" : "Expected: " + text;
  }
}
