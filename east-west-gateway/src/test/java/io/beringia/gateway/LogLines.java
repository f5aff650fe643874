package io.beringia.gateway;

import java.io.StringWriter;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * All that loggers below one name say while it is open, debugging included; each line ends with its level. One at a time;
 * owned by one test.
 */
public final class LogLines implements AutoCloseable {
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final StringWriter said = new StringWriter();
    private final String name;
    private final WriterAppender into;

    private LogLines(String name) {
        this.name = name;
        this.into = WriterAppender.newBuilder()
                .setName("heard")
                .setTarget(said)
                .setLayout(PatternLayout.newBuilder().setPattern("%m %X %p%n").build())
                .build();
    }

    public static LogLines of(String name) {
        LogLines lines = new LogLines(name);
        lines.into.start();
        LoggerConfig alone = new LoggerConfig(name, Level.DEBUG, false);
        alone.addAppender(lines.into, Level.DEBUG, null);
        lines.context.getConfiguration().addLogger(name, alone);
        lines.context.updateLoggers();
        return lines;
    }

    /** So far. */
    public List<String> lines() {
        return said.toString().lines().toList();
    }

    @Override
    public void close() {
        context.getConfiguration().removeLogger(name);
        context.updateLoggers();
        into.stop();
    }
}
