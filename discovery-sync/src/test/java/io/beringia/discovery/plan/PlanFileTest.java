package io.beringia.discovery.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanFileTest {
    private static final SpiffeId LEADER =
            SpiffeId.ofWorkload(new TrustDomain("mesh.example"), "beringia-system", "failover");

    @TempDir
    Path directory;

    @Test
    void nothing_was_accepted_where_there_is_no_file() {
        assertThat(new PlanFile(directory.resolve("plan")).load()).isEqualTo(new PlanFile.Loaded.Nothing());
    }

    @Test
    void no_damaged_byte_and_no_missing_end_makes_another_plan_of_it() throws Exception {
        Path path = directory.resolve("plan");
        PlanFile file = new PlanFile(path);
        byte[] sealed = sealed();
        PlanCodec.Opened opened = PlanCodec.reopen(ByteBuffer.wrap(sealed));
        file.store(opened, sealed);
        byte[] kept = Files.readAllBytes(path);
        assertThat(file.load()).isEqualTo(new PlanFile.Loaded.Whole(opened));

        int line = kept.length - sealed.length;
        for (int at = 0; at < kept.length; at += at < line ? 1 : 7) {
            byte[] broken = kept.clone();
            broken[at] ^= 4;
            Files.write(path, broken);
            assertDamaged(file, at < line, "byte " + at);
            Files.write(path, Arrays.copyOf(kept, at));
            assertDamaged(file, at < line, "cut at " + at);
        }
    }

    /** What follows the first line may be lost; the version in it may not. */
    private static void assertDamaged(PlanFile file, boolean isInLine, String where) {
        switch (file.load()) {
            case PlanFile.Loaded.Damaged _ -> assertThat(isInLine).as(where).isTrue();
            case PlanFile.Loaded.VersionOnly kept -> {
                assertThat(isInLine).as(where).isFalse();
                assertThat(kept.accepted().version()).isEqualTo(new PlanVersion(-1, 7));
            }
            case PlanFile.Loaded.Whole _, PlanFile.Loaded.Nothing _ ->
                throw new AssertionError(where + ": taken for good");
        }
    }

    private static byte[] sealed() {
        TrafficPlan plan = new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(-1, 7),
                LEADER,
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                Optional.empty());
        return PlanCodec.sign(
                plan,
                Authority.root(LEADER.trustDomain()).intermediate("us-east").svid(LEADER, Duration.ofHours(1)));
    }
}
