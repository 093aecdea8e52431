package cinema.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Rewrites compiled classes of the product into a directory of their own. Processes that have it
 * first on their class path have the bug; the product itself is left as it is.
 */
final class Planting {
  private static final String FUTURE = "io/vertx/core/Future";

  private final Path into;
  private final ClassLoader product;

  /**
   * @param libraries the directory with the product's jars
   */
  Planting(Path into, Path libraries) throws IOException {
    this.into = into;
    try (Stream<Path> jars = Files.list(libraries)) {
      List<URL> urls =
          jars.filter(jar -> jar.toString().endsWith(".jar")).map(Planting::url).toList();
      this.product = new URLClassLoader(urls.toArray(URL[]::new), null);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Writes other words into a class's texts.
   *
   * @throws IllegalArgumentException when no text of the class has these words: the product has
   *     changed, and the bug with it
   */
  void reword(String className, String words, String others) throws IOException {
    boolean[] found = new boolean[1];
    rewrite(
        className,
        writer ->
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String generics, String[] thrown) {
                return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, name, type, generics, thrown)) {
                  @Override
                  public void visitLdcInsn(Object constant) {
                    boolean hit = constant instanceof String text && text.contains(words);
                    found[0] |= hit;
                    super.visitLdcInsn(hit ? ((String) constant).replace(words, others) : constant);
                  }
                };
              }
            });
    require(found[0], className + " does not say " + words);
  }

  /** Makes a method without a result do nothing. */
  void silence(String className, String method) throws IOException {
    boolean[] found = new boolean[1];
    rewrite(
        className,
        writer ->
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String generics, String[] thrown) {
                MethodVisitor code = super.visitMethod(access, name, type, generics, thrown);
                if (!name.equals(method) || !type.endsWith(")V")) {
                  return code;
                }
                found[0] = true;
                code.visitCode();
                code.visitInsn(Opcodes.RETURN);
                code.visitMaxs(0, 0);
                code.visitEnd();
                return null;
              }
            });
    require(found[0], className + " has no " + method);
  }

  /** Lets a method of one argument, whose result is a future, say that it is done as it begins. */
  void dontWait(String className, String method, String argument) throws IOException {
    boolean[] found = new boolean[1];
    String internal = className.replace('.', '/');
    String type = "(L" + argument.replace('.', '/') + ";)L" + FUTURE + ";";
    rewrite(
        className,
        writer ->
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generics, String[] thrown) {
                boolean hit = name.equals(method) && descriptor.equals(type);
                found[0] |= hit;
                return super.visitMethod(
                    access, hit ? method + "InTheBackground" : name, descriptor, generics, thrown);
              }

              @Override
              public void visitEnd() {
                MethodVisitor code = super.visitMethod(0, method, type, null, null);
                code.visitCode();
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitVarInsn(Opcodes.ALOAD, 1);
                code.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL, internal, method + "InTheBackground", type, false);
                code.visitInsn(Opcodes.POP);
                code.visitMethodInsn(
                    Opcodes.INVOKESTATIC, FUTURE, "succeededFuture", "()L" + FUTURE + ";", true);
                code.visitInsn(Opcodes.ARETURN);
                code.visitMaxs(0, 0);
                code.visitEnd();
                super.visitEnd();
              }
            });
    require(found[0], className + " has no " + method);
  }

  private interface Change {
    ClassVisitor over(ClassWriter writer);
  }

  /** On top of what was planted before. */
  private void rewrite(String className, Change change) throws IOException {
    String file = className.replace('.', '/') + ".class";
    Path target = into.resolve(file);
    byte[] before;
    if (Files.exists(target)) {
      before = Files.readAllBytes(target);
    } else {
      try (InputStream in = product.getResourceAsStream(file)) {
        require(in != null, "there is no " + className);
        before = in.readAllBytes();
      }
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(before).accept(change.over(writer), 0);
    Files.createDirectories(target.getParent());
    Files.write(target, writer.toByteArray());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
