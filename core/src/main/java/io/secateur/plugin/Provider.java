package io.secateur.plugin;

import io.secateur.spi.Plugin;
import io.secateur.spi.Step;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;

/**
 * A plugin class that was checked: it can be named, made with its defaults, and bound to settings.
 */
record Provider(Kind kind, Class<? extends Plugin> type, String name, Origin origin) {

  /** Returns class and origin, as a message names a provider. */
  String where() {
    return type.getName() + " (" + origin + ")";
  }

  /**
   * Loads and checks the class of a service line.
   *
   * @param own whether the class must come from this very loader, as those of a jar must
   */
  static Provider of(ServiceLine line, ClassLoader loader, boolean own, Origin origin)
      throws Refusal {
    Class<?> found = load(line, loader);
    if (own && found.getClassLoader() != loader) {
      throw new Refusal("this class is already part of Secateur; the jar needs a class of its own");
    }
    if (!line.service().isAssignableFrom(found)) {
      throw new Refusal("does not implement " + line.service().getName());
    }
    return check(line.kind(), found.asSubclass(Plugin.class), origin);
  }

  /** Checks a class. */
  static Provider check(Kind kind, Class<? extends Plugin> type, Origin origin) throws Refusal {
    try {
      return new Provider(kind, type, checkedName(type), origin);
    } catch (LinkageError e) {
      throw linkage(e);
    } catch (TypeNotPresentException e) {
      throw missing(e.typeName(), e);
    }
  }

  private static Class<?> load(ServiceLine line, ClassLoader loader) throws Refusal {
    try {
      return Class.forName(line.className(), false, loader);
    } catch (ClassNotFoundException e) {
      throw new Refusal(
          "there is no such class, though " + line.place() + " names it" + cause(e), e);
    } catch (LinkageError e) {
      throw linkage(e);
    }
  }

  private static String cause(ClassNotFoundException e) {
    return e.getCause() == null ? "" : ": " + RecordShape.reason(e.getCause());
  }

  private static String checkedName(Class<? extends Plugin> type) throws Refusal {
    if (!type.isRecord()) {
      throw new Refusal("is not a record, and a plugin is a public record");
    }
    for (Class<?> c = type; c != null; c = c.getEnclosingClass()) {
      if (!Modifier.isPublic(c.getModifiers())) {
        throw new Refusal(
            "is not public" + (c == type ? "" : ", since " + c.getName() + " is not"));
      }
    }
    Optional<Method> missing =
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isAbstract(method.getModifiers()))
            .findFirst();
    if (missing.isPresent()) {
      String method = missing.get().getName();
      String of = missing.get().getDeclaringClass().getSimpleName();
      throw Refusal.misfit(
          "lacks the method '%s' of %s: it was compiled against another version of Secateur"
              .formatted(method, of),
          new AbstractMethodError(of + "." + method));
    }
    checkSettings(type);
    Plugin made = made(type);
    try {
      new RecordShape(type).values(made);
    } catch (NullPointerException e) {
      throw new Refusal("by default it " + e.getMessage() + "; null is no setting's value", e);
    }
    return checkedName(made);
  }

  private static void checkSettings(Class<? extends Plugin> type) throws Refusal {
    for (RecordShape.Part part : new RecordShape(type).parts()) {
      Optional<String> unsettable = SettingType.refusal(part.type());
      if (unsettable.isPresent()) {
        throw new Refusal(
            "a study file cannot give its setting '" + part.name() + "': " + unsettable.get());
      }
      if (Step.class.isAssignableFrom(type) && part.name().equals(LabelledSteps.LABEL)) {
        throw new Refusal(
            "a step may not have a setting 'label': a pipeline uses it to name the step's result");
      }
    }
  }

  private static Plugin made(Class<? extends Plugin> type) throws Refusal {
    Constructor<? extends Plugin> constructor;
    try {
      constructor = type.getConstructor();
    } catch (NoSuchMethodException e) {
      throw new Refusal(
          "has no public constructor without arguments, which gives the defaults of its settings",
          e);
    }
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      if (e.getTargetException() instanceof LinkageError linkage) {
        throw linkage(linkage);
      }
      throw new Refusal("its constructor without arguments threw " + RecordShape.reason(e), e);
    } catch (ReflectiveOperationException e) {
      throw new Refusal("cannot be made: " + RecordShape.reason(e), e);
    }
  }

  // A plugin may throw whatever it likes; all of it is quarantined but what ends the JVM.
  private static String checkedName(Plugin made) throws Refusal {
    String name;
    try {
      name = made.name();
    } catch (Exception | AssertionError | VirtualMachineError e) {
      throw new Refusal("its name() threw " + RecordShape.reason(e), e);
    }
    if (name == null) {
      throw new Refusal("its name() gives null");
    }
    if (!Names.isKebab(name)) {
      throw new Refusal(
          "its name is '" + name + "'; names are lower-case words joined by hyphens, as 'my-name'");
    }
    return name;
  }

  private static Refusal linkage(LinkageError e) {
    if (e instanceof ExceptionInInitializerError) {
      return new Refusal("its static initialiser threw " + RecordShape.reason(e), e);
    }
    if (e instanceof UnsupportedClassVersionError) {
      return new Refusal(
          "was compiled for a newer Java than this one, %s; compile it with --release 17"
              .formatted(Runtime.version().feature()),
          e);
    }
    if (e instanceof NoClassDefFoundError && e.getMessage() != null) {
      return missing(e.getMessage().replace('/', '.'), e);
    }
    String reason = "does not fit this version of Secateur or of Java: " + RecordShape.reason(e);
    return e instanceof IncompatibleClassChangeError
        ? Refusal.misfit(reason, e)
        : new Refusal(reason, e);
  }

  private static Refusal missing(String className, Throwable cause) {
    String reason =
        "needs the class " + className + ", which is neither in the jar nor part of Secateur";
    return className.startsWith("io.secateur.")
        ? Refusal.misfit(reason, cause)
        : new Refusal(reason, cause);
  }
}
