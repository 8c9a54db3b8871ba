declare module "basecoat-css/basecoat";
declare module "basecoat-css/dropdown-menu";
declare module "basecoat-css/toast";
declare module "*.svg?raw" {
  const svg: string;
  export default svg;
}
declare module "basecoat-css/tabs";
declare module "basecoat-css/combobox";
interface Window {
  basecoat: { init: (name: string) => void };
}
