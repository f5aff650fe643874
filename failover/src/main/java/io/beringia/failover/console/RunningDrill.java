package io.beringia.failover.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A drill that runs now, as its runner says it in a file of JSON with these texts: {@code drill}, {@code hypothesis},
 * {@code chapter}, {@code fault}, {@code since}. Whatever is wrong with the file is shown in its place.
 *
 * @param chapter what happens now
 * @param fault the last that was injected; may be empty
 * @param since when the chapter began, as its runner writes it
 */
public record RunningDrill(String drill, String hypothesis, String chapter, String fault, String since) {
    private static final int FILE_BYTES_MAX = 16 << 10;

    /** Empty where no file stands there: no drill runs. Any thread. */
    public static Optional<RunningDrill> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(FILE_BYTES_MAX + 1);
            return Optional.of(
                    octets.length > FILE_BYTES_MAX
                            ? unreadable("larger than " + FILE_BYTES_MAX + " bytes")
                            : of(JsonMapper.shared().readTree(octets)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (JacksonException noJson) {
            return Optional.of(unreadable("no JSON"));
        } catch (IOException failed) {
            return Optional.of(unreadable(String.valueOf(failed.getMessage())));
        }
    }

    private static RunningDrill of(JsonNode json) {
        return new RunningDrill(
                json.path("drill").asString("a drill"),
                json.path("hypothesis").asString(""),
                json.path("chapter").asString(""),
                json.path("fault").asString(""),
                json.path("since").asString(""));
    }

    private static RunningDrill unreadable(String why) {
        return new RunningDrill("a drill", "its file cannot be read: " + why, "", "", "");
    }
}
