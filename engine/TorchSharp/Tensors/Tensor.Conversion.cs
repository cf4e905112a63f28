using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(aten("to.dtype", this, type, non_blocking, copy), disposeAfter);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(aten("to.device", this, InitializeDevice(device), type, non_blocking, copy), disposeAfter);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);
        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor @bool() => to(ScalarType.Bool);
        public Tensor @byte() => to(ScalarType.Byte);
        public Tensor @char() => to(ScalarType.Int8);
        public Tensor @short() => to(ScalarType.Int16);
        public Tensor @int() => to(ScalarType.Int32);
        public Tensor @long() => to(ScalarType.Int64);
        public Tensor half() => to(ScalarType.Float16);
        public Tensor bfloat16() => to(ScalarType.BFloat16);
        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);
        public Tensor cfloat() => to(ScalarType.ComplexFloat32);
        public Tensor cdouble() => to(ScalarType.ComplexFloat64);

        private Tensor Converted(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }

        public Scalar ToScalar() => atenScalar("item", this);

        /// <summary>The only element, which must be of type <typeparamref name="T"/>.</summary>
        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException($"Only a tensor of one element is a number; this one has {numel()}.");
            ElementTypes.Require<T>(dtype);
            if (is_cpu())
            {
                if (dtype == ScalarType.BFloat16 || (dtype == ScalarType.Float16 && typeof(T) == typeof(float))) return (T)(object)(float)ToScalar().AsDouble;
                return *(T*)DataPointer;
            }
            using var host = cpu();
            return host.item<T>();
        }

        /// <summary>The elements in order of their indices; those of another device are copied here first.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ElementTypes.Require<T>(dtype);
            return new(this);
        }

        /// <summary>The bytes of a contiguous tensor of the CPU.</summary>
        public Span<byte> bytes
        {
            get
            {
                if (!is_cpu()) throw new InvalidOperationException($"The bytes of a tensor on {device} cannot be read from here; copy it to the CPU first.");
                if (!is_contiguous()) throw new InvalidOperationException("The bytes of a tensor that is not contiguous have no order; call contiguous() first.");
                return new(DataPointer, checked((int)(numel() * element_size())));
            }
            set
            {
                if (value.Length != numel() * element_size()) throw new ArgumentException($"{value.Length} bytes do not fill a tensor of {numel() * element_size()}.");
                value.CopyTo(bytes);
            }
        }
    }
}
