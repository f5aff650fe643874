package io.beringia.scenarios.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file that stands there while a drill runs, and says what happens now: consoles show it. Replaced whole, so nobody reads
 * half of one. Owned by the thread that plays.
 */
public final class Notice implements Story.Audience, AutoCloseable {
    /** As the configurations of the demo name it. */
    public static final String FILE = "drill.json";

    private final Path file;
    private final InstantSource clock;
    private final Map<String, String> text = new LinkedHashMap<>();

    private Notice(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** @param directory in which the sites' configurations are */
    public static Notice post(Path directory, String drill, String hypothesis, InstantSource clock) {
        Notice notice = new Notice(directory.resolve(FILE), clock);
        notice.text.put("drill", drill);
        notice.text.put("hypothesis", hypothesis);
        notice.onChapter("warming up");
        return notice;
    }

    @Override
    public void onChapter(String title) {
        text.put("chapter", title);
        text.put("since", clock.instant().toString());
        write();
    }

    @Override
    public void onFault(String name) {
        text.put("fault", name);
        write();
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("notice: " + file + " stays", failed);
        }
    }

    private void write() {
        Path next = file.resolveSibling(FILE + ".next");
        try {
            Files.writeString(next, JsonMapper.shared().writeValueAsString(text));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("notice: " + file + " cannot be written", failed);
        }
    }
}
