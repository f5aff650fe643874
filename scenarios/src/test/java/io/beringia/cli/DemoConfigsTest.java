package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.demo.DemoFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's own configuration files, as the launcher reads them. */
final class DemoConfigsTest {
    @Test
    void every_process_of_the_demo_can_read_what_it_is_to_be(@TempDir Path directory) throws IOException {
        List<Path> configs = DemoFiles.write(directory).configs();
        Map<String, RegionConfig> read = new HashMap<>();
        for (Path config : configs) {
            read.put(config.getFileName().toString(), RegionConfigFile.read(config));
        }
        assertThat(read).as("two regions of five, and a witness").hasSize(11);
        assertThat(read.get("us-east-control.yaml"))
                .satisfies(control -> assertThat(control.kube()).isPresent())
                .satisfies(control -> assertThat(control.trust()).isPresent())
                .satisfies(control -> assertThat(control.discovery()).isPresent())
                .satisfies(control -> assertThat(control.failover()).isPresent());
        assertThat(read.get("us-west-server.yaml"))
                .satisfies(server -> assertThat(server.hosts()).hasSize(2));
        assertThat(read.get("witness-control.yaml"))
                .satisfies(witness -> assertThat(witness.kube()).isEmpty())
                .satisfies(witness -> assertThat(witness.zookeeper()).isPresent());
    }
}
