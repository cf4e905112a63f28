using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // The operators of the language. Numbers go to libtorch as they are, without a Scalar in between.
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => aten("add.Scalar", left, right);
        public static Tensor operator +(Tensor left, int right) => aten("add.Scalar", left, right);
        public static Tensor operator +(Tensor left, long right) => aten("add.Scalar", left, right);
        public static Tensor operator +(Tensor left, float right) => aten("add.Scalar", left, right);
        public static Tensor operator +(Tensor left, double right) => aten("add.Scalar", left, right);
        public static Tensor operator +(Scalar left, Tensor right) => aten("add.Scalar", right, left);
        public static Tensor operator +(int left, Tensor right) => aten("add.Scalar", right, left);
        public static Tensor operator +(long left, Tensor right) => aten("add.Scalar", right, left);
        public static Tensor operator +(float left, Tensor right) => aten("add.Scalar", right, left);
        public static Tensor operator +(double left, Tensor right) => aten("add.Scalar", right, left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => aten("sub.Scalar", left, right);
        public static Tensor operator -(Tensor left, int right) => aten("sub.Scalar", left, right);
        public static Tensor operator -(Tensor left, long right) => aten("sub.Scalar", left, right);
        public static Tensor operator -(Tensor left, float right) => aten("sub.Scalar", left, right);
        public static Tensor operator -(Tensor left, double right) => aten("sub.Scalar", left, right);
        public static Tensor operator -(Scalar left, Tensor right) => aten("rsub.Scalar", right, left);
        public static Tensor operator -(int left, Tensor right) => aten("rsub.Scalar", right, left);
        public static Tensor operator -(long left, Tensor right) => aten("rsub.Scalar", right, left);
        public static Tensor operator -(float left, Tensor right) => aten("rsub.Scalar", right, left);
        public static Tensor operator -(double left, Tensor right) => aten("rsub.Scalar", right, left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => aten("mul.Scalar", left, right);
        public static Tensor operator *(Tensor left, int right) => aten("mul.Scalar", left, right);
        public static Tensor operator *(Tensor left, long right) => aten("mul.Scalar", left, right);
        public static Tensor operator *(Tensor left, float right) => aten("mul.Scalar", left, right);
        public static Tensor operator *(Tensor left, double right) => aten("mul.Scalar", left, right);
        public static Tensor operator *(Scalar left, Tensor right) => aten("mul.Scalar", right, left);
        public static Tensor operator *(int left, Tensor right) => aten("mul.Scalar", right, left);
        public static Tensor operator *(long left, Tensor right) => aten("mul.Scalar", right, left);
        public static Tensor operator *(float left, Tensor right) => aten("mul.Scalar", right, left);
        public static Tensor operator *(double left, Tensor right) => aten("mul.Scalar", right, left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => aten("div.Scalar", left, right);
        public static Tensor operator /(Tensor left, int right) => aten("div.Scalar", left, right);
        public static Tensor operator /(Tensor left, long right) => aten("div.Scalar", left, right);
        public static Tensor operator /(Tensor left, float right) => aten("div.Scalar", left, right);
        public static Tensor operator /(Tensor left, double right) => aten("div.Scalar", left, right);
        public static Tensor operator /(Scalar left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(int left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(long left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(float left, Tensor right) => Quotient(left, right);
        public static Tensor operator /(double left, Tensor right) => Quotient(left, right);

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => aten("remainder.Scalar", left, right);
        public static Tensor operator %(Tensor left, int right) => aten("remainder.Scalar", left, right);
        public static Tensor operator %(Tensor left, long right) => aten("remainder.Scalar", left, right);
        public static Tensor operator %(Tensor left, float right) => aten("remainder.Scalar", left, right);
        public static Tensor operator %(Tensor left, double right) => aten("remainder.Scalar", left, right);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator ~(Tensor left) => left.bitwise_not();
        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public static implicit operator Tensor(byte value) => tensor(value);
        public static implicit operator Tensor(sbyte value) => tensor(value);
        public static implicit operator Tensor(short value) => tensor(value);
        public static implicit operator Tensor(int value) => tensor(value);
        public static implicit operator Tensor(long value) => tensor(value);
        public static implicit operator Tensor(float value) => tensor(value);
        public static implicit operator Tensor(double value) => tensor(value);
        public static implicit operator Tensor(bool value) => tensor(value);
        public static implicit operator Tensor((float, float) value) => tensor(value);
        public static implicit operator Tensor(System.Numerics.Complex value) => tensor(value);
        public static implicit operator Tensor(Scalar scalar) => aten("scalar_tensor", scalar, scalar.Type);
        public static implicit operator Tensor(byte[] value) => tensor(value);
        public static implicit operator Tensor(sbyte[] value) => tensor(value);
        public static implicit operator Tensor(short[] value) => tensor(value);
        public static implicit operator Tensor(int[] value) => tensor(value);
        public static implicit operator Tensor(long[] value) => tensor(value);
        public static implicit operator Tensor(float[] value) => tensor(value);
        public static implicit operator Tensor(double[] value) => tensor(value);
        public static implicit operator Tensor(bool[] value) => tensor(value);
        public static implicit operator Tensor((float, float)[] value) => tensor(value);
        public static implicit operator Tensor(System.Numerics.Complex[] value) => tensor(value);

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator bool(Tensor value) => value.ToBoolean();

        private static Tensor Quotient(Value dividend, Tensor divisor)
        {
            using var reciprocal = divisor.reciprocal().DetachFromDisposeScope();
            return aten("mul.Scalar", reciprocal, dividend);
        }
    }
}
