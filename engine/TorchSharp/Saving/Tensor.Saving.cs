using System.Text;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static void save(Tensor t, string location) => t.save(location);

    public static Tensor load(string location) => Tensor.load(location);

    public partial class Tensor
    {
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        /// <summary>Loads a tensor, and closes the stream.</summary>
        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location) => Load(File.OpenRead(location));

        /// <summary>Saves the tensor as libtorch's <c>torch::save</c> does; Python reads it with <c>torch.jit.load</c>.</summary>
        public void save(string location)
        {
            fixed (byte* path = Path(location)) Check(engine_tensor_save(Handle, path));
        }

        /// <summary>Loads what <see cref="save"/> wrote.</summary>
        public static Tensor load(string location)
        {
            nint loaded;
            fixed (byte* path = Path(location)) Check(engine_tensor_load(path, &loaded));
            return new(loaded);
        }

        private static byte[] Path(string location) => Encoding.UTF8.GetBytes(location + '\0');
    }
}
