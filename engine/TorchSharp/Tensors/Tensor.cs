using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>A tensor of libtorch: its life, and what is asked of it without running an operator.</summary>
    public partial class Tensor : IDisposable
    {
        private TensorReference? _reference;

        internal Tensor(nint handle, bool register = true)
        {
            if (handle == 0) return; // Undefined tensors are invalid from the start.
            _reference = TensorReference.To(handle);
            if (register) DisposeScopeManager.ThreadSingleton.Register(this);
        }

        /// <summary>Tensors alive in managed code, over all threads.</summary>
        public static long TotalCount => TensorReference.Count;

        /// <summary>The most that were alive at one time.</summary>
        public static long PeakCount => TensorReference.PeakCount;

        /// <summary>A tensor over a native pointer whose reference it takes over.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>The place in the owning scope's list.</summary>
        internal int ScopeIndex { get; set; }

        public nint Handle => _reference is { } reference ? reference.Handle : throw new InvalidOperationException("The tensor has been disposed of.");

        /// <summary>Whether the tensor has been disposed of.</summary>
        public bool IsInvalid => _reference is null;

        /// <summary>A name for the reader; libtorch does not know it.</summary>
        public string? name { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (IsInvalid) return;
            if (disposing)
            {
                var statistics = DisposeScopeManager.Statistics.TensorStatistics;
                if (OwningDisposeScope is { } scope)
                {
                    statistics.DisposedInScopeCount++;
                    scope.MarkAsDisposed(this);
                }
                else
                {
                    statistics.DisposedOutsideScopeCount++;
                }
            }
            Free();
        }

        internal void DisposeOwnedByScope()
        {
            if (!IsInvalid) Free();
        }

        // Of two threads that dispose of one tensor, one frees it: the reference serves another tensor from then on.
        private void Free() => Interlocked.Exchange(ref _reference, null)?.Release();

        /// <summary>Gives the native reference away; the tensor is invalid afterwards.</summary>
        public nint DecoupleFromNativeHandle() => MoveHandle(out _);

        /// <summary>Gives the native reference away, and says which scope held the tensor.</summary>
        internal nint MoveHandle(out DisposeScope? scope)
        {
            var handle = Handle;
            scope = OwningDisposeScope;
            scope?.MarkAsDisposed(this);
            Interlocked.Exchange(ref _reference, null)!.Move();
            return handle;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public ScalarType dtype => (ScalarType)engine_tensor_dtype(Handle);

        public long ndim => engine_tensor_ndim(Handle);
        public long dim() => ndim;
        public long Dimensions => ndim;

        public long numel() => engine_tensor_numel(Handle);
        public long NumberOfElements => numel();

        public long element_size() => engine_tensor_element_size(Handle);
        public long ElementSize => element_size();

        public long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* start = sizes) engine_tensor_sizes(Handle, start);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            long size;
            Check(engine_tensor_size(Handle, dim, &size));
            return size;
        }

        public long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* start = strides) Check(engine_tensor_strides(Handle, start));
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        public long storage_offset() => engine_tensor_storage_offset(Handle);

        public bool is_contiguous() => engine_tensor_is_contiguous(Handle) != 0;

        public Device device
        {
            get
            {
                int type, index;
                engine_tensor_device(Handle, &type, &index);
                return type == (int)DeviceType.CPU ? CPU : new((DeviceType)type, index);
            }
        }

        public DeviceType device_type => device.type;
        public int device_index => device.index;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;

        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_integral() => torch.is_integral(dtype);

        public bool requires_grad
        {
            get => engine_tensor_requires_grad(Handle) != 0;
            set => Check(engine_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => engine_tensor_is_leaf(Handle) != 0;

        public void retain_grad() => Check(engine_tensor_retain_grad(Handle));

        /// <summary>The gradient, a new handle at each call; null where there is none.</summary>
        public Tensor? grad
        {
            get
            {
                nint grad;
                Check(engine_tensor_grad(Handle, &grad));
                return grad == 0 ? null : new(grad);
            }
            set
            {
                Check(engine_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
            }
        }

        /// <summary>Changes so far; in-place operators count it up.</summary>
        internal long Version => engine_tensor_version(Handle);

        /// <summary>The first element's address.</summary>
        internal void* DataPointer
        {
            get
            {
                void* data;
                Check(engine_tensor_data(Handle, &data));
                return data;
            }
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and the same elements.</summary>
        public bool Equals(Tensor target) => ReferenceEquals(this, target) || Operators.atenBool("equal", this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }

    public static bool is_floating_point(ScalarType type) => type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
    public static bool is_integral(ScalarType type) => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;
}
