package dev.usher.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeIdTest {
  /** From valid.yml of the TypeID specification. */
  @ParameterizedTest
  @CsvSource({
    "00000000-0000-0000-0000-000000000000, 00000000000000000000000000",
    "00000000-0000-0000-0000-000000000001, 00000000000000000000000001",
    "00000000-0000-0000-0000-00000000000a, 0000000000000000000000000a",
    "00000000-0000-0000-0000-000000000010, 0000000000000000000000000g",
    "00000000-0000-0000-0000-000000000020, 00000000000000000000000010",
    "ffffffff-ffff-ffff-ffff-ffffffffffff, 7zzzzzzzzzzzzzzzzzzzzzzzzz",
    "0110c853-1d09-52d8-d73e-1194e95b5f19, 0123456789abcdefghjkmnpqrs",
    "01890a5d-ac96-774b-bcce-b302099a8057, 01h455vb4pex5vsknk084sn02q"
  })
  void theVectorsOfTheSpecification(UUID id, String suffix) {
    assertThat(TypeId.encode("prefix", id)).isEqualTo("prefix_" + suffix);
    assertThat(TypeId.decode("prefix", "prefix_" + suffix)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evt",
        "evt_",
        "01h455vb4pex5vsknk084sn02q",
        "_01h455vb4pex5vsknk084sn02q",
        "src_01h455vb4pex5vsknk084sn02q", // another kind
        "EVT_01h455vb4pex5vsknk084sn02q",
        "evt-01h455vb4pex5vsknk084sn02q",
        "evt_01h455vb4pex5vsknk084sn02", // a character short
        "evt_01h455vb4pex5vsknk084sn02qq",
        "evt_01h455vb4pex5vsknk084sn02Q", // upper case is another text for the same id
        "evt_01h455vb4pex5vsknk084sn02i", // not in the alphabet: i, l, o, u
        "evt_01h455vb4pex5vsknk084sn02l",
        "evt_01h455vb4pex5vsknk084sn02o",
        "evt_01h455vb4pex5vsknk084sn02u",
        "evt_01h455vb4pex5vsknk084sn02\u00e9",
        "evt_81h455vb4pex5vsknk084sn02q", // more than 128 bits
        "evt_\u066181h455vb4pex5vsknk084sn0",
        "evt_01h455vb4pex5vsknk084sn02 ",
        " evt_01h455vb4pex5vsknk084sn02q"
      })
  void oneIdHasOneText(String text) {
    assertThat(EventId.parse(text)).isNull();
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      assertThat(TypeId.decode("evt", TypeId.encode("evt", id))).isEqualTo(id);
    }
  }

  @Test
  void eachKindHasItsPrefix() {
    UUID id = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    String suffix = "_01h455vb4pex5vsknk084sn02q";
    assertThat(
            List.of(
                new OrganizationId(id).toString(),
                new SourceId(id).toString(),
                new EndpointId(id).toString(),
                new EventId(id).toString(),
                new AttemptId(id).toString(),
                new ApiKeyId(id).toString()))
        .containsExactly(
            "org" + suffix,
            "src" + suffix,
            "ep" + suffix,
            "evt" + suffix,
            "att" + suffix,
            "key" + suffix);
    assertThat(OrganizationId.parse("org" + suffix)).isEqualTo(new OrganizationId(id));
    assertThat(SourceId.parse("src" + suffix)).isEqualTo(new SourceId(id));
    assertThat(EndpointId.parse("ep" + suffix)).isEqualTo(new EndpointId(id));
    assertThat(EventId.parse("evt" + suffix)).isEqualTo(new EventId(id));
    assertThat(AttemptId.parse("att" + suffix)).isEqualTo(new AttemptId(id));
    assertThat(ApiKeyId.parse("key" + suffix)).isEqualTo(new ApiKeyId(id));
  }
}
