package io.secateur.plugin;

import io.secateur.spi.Plugin;
import java.io.IOException;
import java.io.Writer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * Keeps the Javadoc of settings: what {@code @param} says of the components of a plugin, of the
 * records that its settings hold, and of the alternatives of sealed interfaces, goes into a file
 * beside the classes. So a plugin's author documents a setting once, where Java has it anyway, and
 * {@code secateur describe} and the schema of study files show it.
 *
 * <p>javac finds this processor where {@code core} is on its class path, until Java 22 without
 * being asked, from 23 on with {@code -proc:full}. Without it all works, and settings are shown
 * with type and default alone.
 */
public final class SettingsProcessor extends AbstractProcessor {
  private final Set<TypeElement> seen = new HashSet<>();

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("*");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  /** Writes the files of the types at hand, and leaves all annotations to others. */
  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    ElementFilter.typesIn(round.getRootElements()).forEach(this::look);
    return false;
  }

  private void look(TypeElement type) {
    ElementFilter.typesIn(type.getEnclosedElements()).forEach(this::look);
    if (type.getKind() == ElementKind.RECORD && (isPlugin(type) || isAlternative(type))) {
      keep(type);
    }
  }

  private boolean isPlugin(TypeElement type) {
    TypeElement plugin = processingEnv.getElementUtils().getTypeElement(Plugin.class.getName());
    return plugin != null
        && processingEnv.getTypeUtils().isAssignable(type.asType(), plugin.asType());
  }

  private static boolean isAlternative(TypeElement type) {
    return type.getInterfaces().stream()
        .map(each -> ((DeclaredType) each).asElement())
        .anyMatch(each -> each.getModifiers().contains(Modifier.SEALED));
  }

  private void keep(TypeElement record) {
    if (!seen.add(record)) {
      return;
    }
    // Null where the source is not at hand: a record of another module, which has its own file.
    String comment = processingEnv.getElementUtils().getDocComment(record);
    if (comment != null) {
      write(record, Javadoc.parameters(comment));
    }
    for (RecordComponentElement component : record.getRecordComponents()) {
      follow(component.asType());
    }
  }

  private void follow(TypeMirror type) {
    if (type instanceof DeclaredType declared) {
      declared.getTypeArguments().forEach(this::follow);
      Element element = declared.asElement();
      if (element.getKind() == ElementKind.RECORD) {
        keep((TypeElement) element);
      }
    }
  }

  private void write(TypeElement record, Map<String, String> texts) {
    List<String> lines =
        record.getRecordComponents().stream()
            .map(component -> component.getSimpleName().toString())
            .filter(texts::containsKey)
            .map(name -> SettingTexts.line(name, texts.getOrDefault(name, "")))
            .toList();
    if (lines.isEmpty()) {
      return;
    }
    String file =
        SettingTexts.file(processingEnv.getElementUtils().getBinaryName(record).toString());
    try (Writer out =
        processingEnv
            .getFiler()
            .createResource(StandardLocation.CLASS_OUTPUT, "", file, record)
            .openWriter()) {
      out.write(String.join("", lines));
    } catch (IOException e) {
      processingEnv
          .getMessager()
          .printMessage(Diagnostic.Kind.WARNING, file + " cannot be written: " + e, record);
    }
  }
}
