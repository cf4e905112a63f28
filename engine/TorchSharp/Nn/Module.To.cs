using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireMovable(dtype);
                _toEpilog(dtype, InitializeDevice(device), non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                if (deviceType != _deviceType || deviceIndex != _deviceIndex) _toEpilog(null, InitializeDevice(new(deviceType, deviceIndex)), non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireMovable(dtype);
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            private static void RequireMovable(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype)) throw new ArgumentException($"A module takes floating-point or complex types, not {dtype}.", nameof(dtype));
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);
            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);
            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) => _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>
            /// Moves the children, then replaces what has to move of the module's own, in the registry and in the fields:
            /// after it the parameters are new objects, so an optimiser is made afterwards.
            /// </summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in _internal_submodules)
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }
                foreach (var (name, parameter) in _internal_params.ToList<(string, Parameter)>())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    ConditionallyRegisterParameter(name, moved);
                    Replace(name, parameter, moved!);
                }
                foreach (var (name, (buffer, persistent)) in _internal_buffers.ToList<(string, (Tensor, bool))>())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    ConditionallyRegisterBuffer(name, moved, persistent);
                    Replace(name, buffer, moved!);
                }
                if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);
            }

            private void Replace(string name, Tensor old, Tensor moved)
            {
                if (GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { CanWrite: true } property) property.SetValue(this, moved);
                else foreach (var field in Fields().Where(field => ReferenceEquals(field.GetValue(this), old))) field.SetValue(this, moved);
                if (!old.IsInvalid) old.DetachFromDisposeScope().Dispose();
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                if (!Moves(dtype, device, param)) return false;
                using var _ = no_grad();
                p = new Parameter(param.to(dtype ?? param.dtype, device ?? param.device), param.requires_grad);
                p.DetachFromDisposeScope();
                using var grad = param.grad;
                if (grad is null) return true;
                using var movedGrad = grad.to(dtype ?? grad.dtype, device ?? grad.device);
                p.grad = movedGrad;
                return true;
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                if (!is_floating_point(buffer.dtype) && !is_complex(buffer.dtype)) dtype = null;
                if (!Moves(dtype, device, buffer)) return false;
                result = buffer.to(dtype ?? buffer.dtype, device ?? buffer.device).DetachFromDisposeScope();
                return true;
            }

            private static bool Moves(ScalarType? dtype, Device? device, Tensor tensor) =>
                (dtype is { } type && type != tensor.dtype) || (device is not null && (device.type != tensor.device_type || (device.index >= 0 && device.index != tensor.device_index)));
        }
    }
}
