using TorchSharp.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        /// <param name="seed">The seed; 0 leaves libtorch's default seed.</param>
        /// <param name="device">The device whose operators draw from it; the CPU where null.</param>
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint handle;
            NativeMethods.Check(NativeMethods.engine_generator_make(seed, (int)this.device.type, this.device.index, &handle));
            _handle = handle;
        }

        private Generator(nint handle, Device device) => (_handle, this.device) = (handle, device);

        ~Generator() => Dispose(false);

        /// <summary>The generator that operators use when none is given.</summary>
        public static Generator Default
        {
            get
            {
                nint handle;
                NativeMethods.Check(NativeMethods.engine_generator_default((int)DeviceType.CPU, -1, &handle));
                return new(handle, CPU);
            }
        }

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.engine_generator_seed(Handle, (ulong)seed));
            return this;
        }

        /// <summary>Seeds from the machine's entropy and returns the seed.</summary>
        public long seed()
        {
            var drawn = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue) * (1L << 22) + System.Security.Cryptography.RandomNumberGenerator.GetInt32(1 << 22);
            manual_seed(drawn);
            return drawn;
        }

        public long initial_seed()
        {
            ulong seed;
            NativeMethods.Check(NativeMethods.engine_generator_initial_seed(Handle, &seed));
            return (long)seed;
        }

        /// <summary>The whole state as a tensor of bytes.</summary>
        public Tensor get_state()
        {
            nint state;
            NativeMethods.Check(NativeMethods.engine_generator_state(Handle, &state));
            return new(state);
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.engine_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0) NativeMethods.engine_generator_free(_handle);
            _handle = 0;
        }
    }

    /// <summary>Seeds every device's default generator and returns the CPU's.</summary>
    public static Generator manual_seed(long seed)
    {
        NativeMethods.Check(NativeMethods.engine_manual_seed((ulong)seed));
        return Generator.Default;
    }

    public static Tensor get_rng_state() => random.get_rng_state();
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    /// <summary>The default generator of the CPU.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed()
        {
            using var generator = Generator.Default;
            return generator.seed();
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
