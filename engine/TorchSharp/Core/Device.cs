using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A kind of device and its number; -1 for the current one of its kind.</summary>
    public class Device
    {
        public Device(string description)
        {
            var colon = description.IndexOf(':');
            type = TypeOf(colon < 0 ? description : description[..colon]);
            index = colon < 0 ? -1 : int.Parse(description.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        }

        public Device(string deviceType, int index = -1) => (type, this.index) = (TypeOf(deviceType), index);

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public Device(int index) => (type, this.index) = (DeviceType.CUDA, index);

        public DeviceType type { get; }

        public int index { get; } = -1;

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        private static DeviceType TypeOf(string name) =>
            Enum.TryParse<DeviceType>(name, ignoreCase: true, out var found) ? found : throw new ArgumentException($"unknown device type '{name}'", nameof(name));
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);
    public static Device CUDA => InitializeDevice(new(DeviceType.CUDA));

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);

    private static Device _defaultDevice = CPU;
    private static ScalarType _defaultDtype = ScalarType.Float32;

    public static Device get_default_device() => _defaultDevice;
    public static void set_default_device(Device device) => _defaultDevice = InitializeDevice(device);
    public static void set_default_device(string device) => set_default_device(new Device(device));
    public static ScalarType get_default_dtype() => _defaultDtype;
    public static void set_default_dtype(ScalarType dtype) => _defaultDtype = dtype;

    /// <summary>The device, or the default one, after making sure that this libtorch can use it.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= _defaultDevice;
        InitializeDeviceType(device.type);
        return device;
    }

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType)) throw new InvalidOperationException($"This libtorch has no device of type {deviceType}.");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        DeviceType.CUDA => cuda_is_available(),
        _ => false,
    };

    public static bool cuda_is_available() => NativeMethods.engine_cuda_count() > 0;

    /// <summary>CUDA devices.</summary>
    public static partial class cuda
    {
        public static bool is_available() => cuda_is_available();
        public static int device_count() => NativeMethods.engine_cuda_count();
    }

    public static int get_num_threads() => NativeMethods.engine_num_threads();
    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.engine_set_num_threads(num));
    public static int get_num_interop_threads() => NativeMethods.engine_num_interop_threads();
    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.engine_set_num_interop_threads(num));
}
