package io.beringia.scenarios.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** On what was measured. */
public record Machine(int cores, String processor, String kernel, String java) {
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.{1,200})$");

    public static Machine here() throws IOException {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                model(Files.readString(Path.of("/proc/cpuinfo"))),
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                Runtime.version().toString());
    }

    static String model(String cpuinfo) {
        Matcher model = MODEL.matcher(cpuinfo);
        return model.find() ? model.group(1).strip() : "unknown processor";
    }

    /** One line for people. */
    public String words() {
        return cores + " cores, " + processor + ", Linux " + kernel + ", Java " + java;
    }
}
